"""What goes wrong between two hosts, in words for people."""


class LinkProblem(Exception):
    """`refused`: the other side was reached, and one of the two said no; trying again changes nothing."""

    def __init__(self, words: str, refused: bool = False) -> None:
        super().__init__(words)
        self.refused = refused
