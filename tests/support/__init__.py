"""What tests of every room share: a clean environment, servers, ports, processes."""
