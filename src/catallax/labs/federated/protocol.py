"""One secure sum: masks that cancel in pairs, and shares by which those of the lost are removed.

The protocol of Bonawitz et al. (2017) against a centre that is honest but curious, after their
figure 2 without the signatures that an active one would call for. In this order:

    1  keys       everybody sends a public key; the centre passes all of them on
    2  shares     everybody splits its secret key and a seed of its own among all
    3  masked     y = x + own mask + masks agreed with later ones - masks agreed with earlier ones
    4  unmasking  helpers give shares of the seed of each whose y arrived, of the key of others

Never of both: a centre that had both could take a y apart. With fewer helpers than the threshold
nothing can be taken off and there is no sum.

What it rests on, and what it does not do: clients' lines to each other (through the centre) are
taken as private, where a deployment encrypts shares with keys of its own; secrets come from the
seed of the simulation, where a deployment asks the machine for them; a centre that lies about who
is there, and `threshold` clients that conspire with it, are not held off; and what the sum itself
tells of one client is another matter (see `privacy`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from catallax.arrays import Bools
from catallax.labs.federated.fixed_point import reduced
from catallax.labs.federated.keys import SECRET_BYTES, Words, agreed, expanded, public
from catallax.labs.federated.shamir import FIELD, recovered, shares
from catallax.streams import Streams

WIDE = 48  # bytes of a number that is reduced to the field: what is left of unevenness is 2^-129


@final
@dataclass(frozen=True)
class Member:
    """What one client keeps to itself, and what it deals to others.

    secret, seed   : of the masks in pairs, and of its own mask
    of_secret, of_seed : point of a holder -> that holder's share
    """

    secret: int
    seed: int
    of_secret: Mapping[int, int]
    of_seed: Mapping[int, int]


@final
@dataclass(frozen=True, eq=False)
class Seen:
    """All that the centre has seen of k numbers of A members.

    public  : A public keys
    masked  : (A, k) what arrived, 0 for who fell silent before
    seeds   : member -> seed of its own mask, of those who arrived
    secrets : member -> secret key, of those who did not
    """

    public: tuple[int, ...]
    masked: Words
    seeds: Mapping[int, int]
    secrets: Mapping[int, int]


def member(name: int, points: Sequence[int], threshold: int, streams: Streams, t: int) -> Member:
    """Client `name` of round `t` with secrets of its own, split among holders at `points`."""
    luck = streams.generator(f"federated/secrets/{name}", t)
    secret, seed = (int.from_bytes(luck.bytes(SECRET_BYTES), "big") for _ in range(2))
    split = [
        shares(
            value,
            [int.from_bytes(luck.bytes(WIDE), "big") % FIELD for _ in range(threshold - 1)],
            points,
        )
        for value in (secret, seed)
    ]
    return Member(secret, seed, *split)


def masked(words: Words, me: int, own: Member, keys: Sequence[int], bits: int) -> Words:
    """(k,) what member number `me` sends instead of its `words` (k,)."""
    total = words + own_mask(own.seed, len(words), bits)
    return reduced(
        total + pair_masks(me, own.secret, keys, range(len(keys)), len(words), bits), bits
    )


def own_mask(seed: int, size: int, bits: int) -> Words:
    """(size,) the mask that a member alone knows."""
    return expanded(seed.to_bytes(SECRET_BYTES, "big"), size, bits)


def pair_masks(
    me: int, secret: int, keys: Sequence[int], others: Sequence[int], size: int, bits: int
) -> Words:
    """(size,) what member `me` adds for `others`: each of them adds the opposite for `me`."""
    total = np.zeros(size, dtype=np.uint64)
    for other in others:
        if other != me:
            mask = expanded(agreed(secret, keys[other]), size, bits)
            total = total + mask if other > me else total - mask
    return reduced(total, bits)


def exchanged(
    words: Words,
    names: Sequence[int],
    sent: Bools,
    helps: Bools,
    threshold: int,
    bits: int,
    streams: Streams,
    t: int,
) -> tuple[Words | None, Seen]:
    """The sum (k,) of the `words` (A, k) of all that `sent`, and what the centre saw on the way.

    names     : A numbers of clients, which name their secrets
    sent      : (A,) whose masked words arrive
    helps     : (A,) who answers when masks are to be taken off
    threshold : least number of helpers; with fewer there is no sum
    """
    count = len(words)
    points = range(1, count + 1)
    members = [member(name, points, threshold, streams, t) for name in names]
    keys = tuple(public(m.secret) for m in members)
    arrived = np.zeros_like(words)
    for me in np.flatnonzero(sent).tolist():
        arrived[me] = masked(words[me], me, members[me], keys, bits)
    helpers = np.flatnonzero(helps)[:threshold].tolist()
    if len(helpers) < threshold:
        return None, Seen(keys, arrived, {}, {})
    seeds, secrets = _handed_over(members, helpers, sent)
    seen = Seen(keys, arrived, seeds, secrets)
    return unmasked(seen, np.flatnonzero(sent).tolist(), bits), seen


def _handed_over(
    members: Sequence[Member], helpers: Sequence[int], sent: Bools
) -> tuple[dict[int, int], dict[int, int]]:
    """What shares of `helpers` give away: seeds of who sent, secrets of who did not."""
    seeds: dict[int, int] = {}
    secrets: dict[int, int] = {}
    for me, own in enumerate(members):
        dealt = own.of_seed if sent[me] else own.of_secret
        found = recovered({h + 1: dealt[h + 1] for h in helpers})
        (seeds if sent[me] else secrets)[me] = found
    return seeds, secrets


def unmasked(seen: Seen, sent: Sequence[int], bits: int) -> Words:
    """(k,) the sum of what arrived, without masks that did not cancel: what the centre does."""
    size = seen.masked.shape[1]
    total = seen.masked.sum(axis=0, dtype=np.uint64)
    for seed in seen.seeds.values():
        total = total - own_mask(seed, size, bits)
    for lost, secret in seen.secrets.items():
        # What the lost one would have added is what is missing.
        total = total + pair_masks(lost, secret, seen.public, sent, size, bits)
    return reduced(total, bits)
