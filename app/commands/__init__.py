"""What each command of the command line does. Heavy imports happen in the commands that need them."""
