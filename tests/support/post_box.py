"""Mail as it arrives in the tests: nothing leaves this process."""

import re

from palabre.base.mail import Letter


class PostBox:
    def __init__(self) -> None:
        self.letters: list[Letter] = []

    async def send(self, letter: Letter) -> None:
        self.letters.append(letter)

    def to(self, address: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.to == address]

    def secret(self, address: str) -> str:
        """The secret in the link of the newest letter."""
        found = re.search(r"https://talk\.example/\w+/(\S+)", self.to(address)[-1].text)
        assert found, self.to(address)[-1].text
        return found[1]
