"""Secure release: stopped queues, from which the console moves a released job to a printer as operator.

`setting_up` and `ending` are what administrators do, `checking` is what rounds find, `holding` says of every
queue what holds jobs there, `bypass` who gets around it.
"""
