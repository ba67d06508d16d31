"""What exchange decides without looking anything up."""
