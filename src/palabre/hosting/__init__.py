"""What a data folder is on this host: the network itself, the standby of one elsewhere, or the way to where it moved."""
