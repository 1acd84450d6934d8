"""`make demo`: runs the whole product on an empty machine and checks the results from outside."""
