"""How fast and how small: measured beside a baseline of the same run, so that the ratios hold on other machines."""
