"""Random histories of people who leave and come back, played on the product and on a model of it."""
