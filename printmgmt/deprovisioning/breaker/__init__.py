"""The breaker: when too many people leave at once, what cannot be undone waits for a decision (ADR 33).

Access is cut in the transaction of each leaving and knows nothing of this. A worker judges each run after its
commit (`judging`), counts (`counting`), opens a batch and lets runs join it (`batches`), and an administrator
decides (`deciding`). A step that waits has a state of its own, so no worker can claim it.
"""
