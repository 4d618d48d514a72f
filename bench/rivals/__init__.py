"""What others' bots look like at their barest, to be measured beside Loket."""
