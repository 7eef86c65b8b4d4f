"""The labelled corpus: posts of clusters of copies, of their look-alikes, and of texts that nobody copied."""

from dataclasses import dataclass
from random import Random

from bench.copypasta.edits import NEGATIVES, copy
from bench.copypasta.seeds import Writer, draw


@dataclass(frozen=True)
class Post:
    text: str
    cluster: int
    """Posts with the same number say the same."""
    origin: int
    """Of the text from which it, or what it looks like, was made."""
    kind: str
    """original, copy, alone, or how its cluster differs from that of its origin."""
    edits: tuple[str, ...]
    script: str


def make(count: int, seed: int) -> list[Post]:
    """About `count` posts in the order in which they come: a third of them are copied by nobody."""
    random = Random(seed)
    writer = Writer(random)
    posts: list[Post] = []
    clusters = 0
    while len(posts) < count:
        clusters += 1
        origin, text = clusters, writer.text()
        posts.append(Post(draw(text), clusters, origin, "original", (), text.script))
        if random.random() < 0.6:
            continue
        for _ in range(min(40, int(random.paretovariate(0.9)))):
            drawn, edits = copy(text, writer)
            posts.append(Post(drawn, clusters, origin, "copy", tuple(edits), text.script))
        for name in random.sample(list(NEGATIVES), random.randint(0, 4)):
            other = NEGATIVES[name](text, writer)
            if other is None or draw(other) == draw(text):
                continue
            clusters += 1
            posts.append(Post(draw(other), clusters, origin, name, (), text.script))
            for _ in range(random.randint(0, 3)):
                drawn, edits = copy(other, writer)
                posts.append(Post(drawn, clusters, origin, name, tuple(edits), text.script))
    random.shuffle(posts)
    return posts
