"""What docs/operations.md says of other people's programs, tried with those programs: `make proxies`."""
