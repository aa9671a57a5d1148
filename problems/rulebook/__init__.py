"""Rulebooks (办理规则) beyond reading one number: ready sets, rules in plain words, the tree of categories, and what a
new version would change. Writing them is `problems.lifecycle.rulebooks`."""
