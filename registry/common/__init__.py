"""What every registry app may lean on: audit verbs, money, working days, images."""
