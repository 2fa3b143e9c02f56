"""Places: the 124 communes, their former names, and the offices that serve people."""
