"""How each kind of question is answered on the inspect thread, one kind a file."""
