"""Sums of updates of which the centre sees none: masks cancel in pairs, shares take off the rest.

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
from math import ceil
from typing import final

import numpy as np

from catallax.arrays import Bools, Floats
from catallax.errors import InputError
from catallax.labs.federated.aggregate import NOBODY, Aggregation, CombinedUpdate, Updates
from catallax.labs.federated.line import Tally, count_addressed, count_down, count_up
from catallax.labs.federated.masks import (
    FIELD,
    PUBLIC_BITS,
    SECRET_BYTES,
    SHARE_BITS,
    Residues,
    agree_seed,
    decode,
    derive_public_key,
    encode,
    expand_seed,
    recover_secret,
    reduce_modulo,
    split_secret,
)
from catallax.protocol.settings import ASSUMED, OFF, check_settings, setting
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
class CentreView:
    """All that the centre has seen of k numbers of A members.

    public  : A public keys
    masked  : (A, k) what arrived, 0 for who fell silent before
    seeds   : member -> seed of its own mask, of those who arrived
    secrets : member -> secret key, of those who did not
    """

    public: tuple[int, ...]
    masked: Residues
    seeds: Mapping[int, int]
    secrets: Mapping[int, int]


def draw_member(
    name: int, points: Sequence[int], threshold: int, streams: Streams, t: int
) -> Member:
    """Client `name` of round `t` with secrets of its own, split among holders at `points`."""
    luck = streams.generator(f"federated/secrets/{name}", t)
    secret, seed = (int.from_bytes(luck.bytes(SECRET_BYTES), "big") for _ in range(2))
    split = [
        split_secret(
            value,
            [int.from_bytes(luck.bytes(WIDE), "big") % FIELD for _ in range(threshold - 1)],
            points,
        )
        for value in (secret, seed)
    ]
    return Member(secret, seed, *split)


def mask(words: Residues, me: int, own: Member, keys: Sequence[int], bits: int) -> Residues:
    """(k,) what member number `me` sends instead of its `words` (k,)."""
    total = words + make_own_mask(own.seed, len(words), bits)
    return reduce_modulo(
        total + make_pair_masks(me, own.secret, keys, range(len(keys)), len(words), bits), bits
    )


def make_own_mask(seed: int, size: int, bits: int) -> Residues:
    """(size,) the mask that a member alone knows."""
    return expand_seed(seed.to_bytes(SECRET_BYTES, "big"), size, bits)


def make_pair_masks(
    me: int, secret: int, keys: Sequence[int], others: Sequence[int], size: int, bits: int
) -> Residues:
    """(size,) what member `me` adds for `others`: each of them adds the opposite for `me`."""
    total = np.zeros(size, dtype=np.uint64)
    for other in others:
        if other != me:
            mask = expand_seed(agree_seed(secret, keys[other]), size, bits)
            total = total + mask if other > me else total - mask
    return reduce_modulo(total, bits)


def exchange(
    words: Residues,
    names: Sequence[int],
    sent: Bools,
    helps: Bools,
    threshold: int,
    bits: int,
    streams: Streams,
    t: int,
) -> tuple[Residues | None, CentreView]:
    """The sum (k,) of the `words` (A, k) of all that `sent`, and what the centre saw on the way.

    names     : A numbers of clients, which name their secrets
    sent      : (A,) whose masked words arrive
    helps     : (A,) who answers when masks are to be taken off
    threshold : least number of helpers; with fewer there is no sum
    """
    count = len(words)
    points = range(1, count + 1)
    members = [draw_member(name, points, threshold, streams, t) for name in names]
    keys = tuple(derive_public_key(m.secret) for m in members)
    arrived = np.zeros_like(words)
    for me in np.flatnonzero(sent).tolist():
        arrived[me] = mask(words[me], me, members[me], keys, bits)
    helpers = np.flatnonzero(helps)[:threshold].tolist()
    if len(helpers) < threshold:
        return None, CentreView(keys, arrived, {}, {})
    seeds, secrets = _hand_over(members, helpers, sent)
    seen = CentreView(keys, arrived, seeds, secrets)
    return unmask(seen, np.flatnonzero(sent).tolist(), bits), seen


def _hand_over(
    members: Sequence[Member], helpers: Sequence[int], sent: Bools
) -> tuple[dict[int, int], dict[int, int]]:
    """What shares of `helpers` give away: seeds of who sent, secrets of who did not."""
    seeds: dict[int, int] = {}
    secrets: dict[int, int] = {}
    for me, own in enumerate(members):
        dealt = own.of_seed if sent[me] else own.of_secret
        found = recover_secret({h + 1: dealt[h + 1] for h in helpers})
        (seeds if sent[me] else secrets)[me] = found
    return seeds, secrets


def unmask(seen: CentreView, sent: Sequence[int], bits: int) -> Residues:
    """(k,) the sum of what arrived, without masks that did not cancel: what the centre does."""
    size = seen.masked.shape[1]
    total = seen.masked.sum(axis=0, dtype=np.uint64)
    for seed in seen.seeds.values():
        total = total - make_own_mask(seed, size, bits)
    for lost, secret in seen.secrets.items():
        # What the lost one would have added is what is missing.
        total = total + make_pair_masks(lost, secret, seen.public, sent, size, bits)
    return reduce_modulo(total, bits)


@final
@dataclass(frozen=True)
class SecureSum(Aggregation):
    """Means weighted by examples, from sums under masks.

    Noise of the line strikes what is said before it is masked. Numbers of examples are masked too.
    A round is refused, with a reason, where too few help or where a number is so large that the
    sum could run over. Raises InputError for settings out of range.
    """

    threshold: float = setting(
        2 / 3,
        "share of those asked that must help to take masks off; two at least",
        above=0,
        high=1,
        source=ASSUMED,
    )
    bits: int = setting(
        32, "size of a masked number, modulo 2^bits", unit="bits", low=8, high=63, source=ASSUMED
    )
    fraction: int = setting(
        16,
        "part of a masked number behind the point, 0 to bits - 8",
        unit="bits",
        low=0,
        high=55,
        source=ASSUMED,
    )
    silence: float = setting(
        0.0,
        "probability that a client whose update arrived does not help",
        low=0,
        high=1,
        source=OFF,
    )

    def __post_init__(self) -> None:
        check_settings(self, "secure_sum.")
        if self.fraction > self.bits - 8:
            raise InputError(
                f"secure_sum.fraction: {self.fraction} is out of range, expected 0 to "
                f"{self.bits - 8} for numbers of {self.bits} bits"
            )

    @property
    def legs(self) -> int:
        """Keys and model down, shares up and down, update up, names down, shares up.

        The keys of a round travel up with the last shares of the round before.
        """
        return 6

    def least(self, asked: int) -> int:
        """How many must help of those asked."""
        return max(2, ceil(self.threshold * asked - 1e-9))

    def combine(self, said: Updates, streams: Streams, t: int) -> CombinedUpdate:
        """The weighted mean of what arrived, exact to half a step of the code for each client."""
        values = self._values(said, streams, t)
        asked = np.flatnonzero(said.drawn.asked)
        heard = np.zeros(values.shape, dtype=np.uint64)
        reason = self._refusal(values, said.counted, len(asked))
        if reason:
            return CombinedUpdate(None, heard, Tally(), reason)
        luck = streams.uniform("federated/silent", len(values), t)
        sent, helps = said.counted[asked], (said.counted & (luck >= self.silence))[asked]
        words = self._encoded(values[asked])
        least = self.least(len(asked))
        total, seen = exchange(words, asked.tolist(), sent, helps, least, self.bits, streams, t)
        heard[asked] = seen.masked
        tally = self._tally(values.shape, sent, helps)
        if total is None:
            told = f"{helps.sum()} clients helped to take masks off, expected at least {least}"
            return CombinedUpdate(None, heard, tally, told)
        sums = decode(total[:-1], self.fraction, self.bits)
        return CombinedUpdate(sums / decode(total[-1:], 0, self.bits), heard, tally)

    def _values(self, said: Updates, streams: Streams, t: int) -> Floats:
        """(C, p + 1) weighted updates, then weights."""
        change = said.carried(streams, t)
        return np.column_stack([said.weight[:, None] * change, said.weight])

    def _encoded(self, values: Floats) -> Residues:
        sums = encode(values[:, :-1], self.fraction, self.bits)
        return np.column_stack([sums, encode(values[:, -1:], 0, self.bits)])

    def _refusal(self, values: Floats, counted: Bools, asked: int) -> str:
        """Why no sum can be formed; "" if it can."""
        if not counted.any():
            return NOBODY
        room = 2.0 ** (self.bits - 1) / asked - 1.0
        scale = np.array([2.0**self.fraction] * (values.shape[1] - 1) + [1.0])
        most = float((np.abs(values[counted]) * scale).max())
        if most <= room:
            return ""
        return (
            f"an update times its examples is {most:.3g} steps of the code and the sum of {asked} "
            f"could run over 2^{self.bits - 1}; take more bits or a smaller fraction"
        )

    def _tally(self, shape: tuple[int, ...], sent: Bools, helps: Bools) -> Tally:
        """What was said besides the model."""
        clients, size = shape
        asked, dealt = len(sent), 2 * (len(sent) - 1)
        keys = count_up(asked, 1, PUBLIC_BITS, clients) + count_down(
            asked, asked, PUBLIC_BITS, clients
        )
        shares = count_up(asked, dealt, SHARE_BITS, clients) + count_addressed(
            asked, dealt, SHARE_BITS, clients
        )
        names = count_down(float(sent.sum()), asked, 1.0, clients)
        handed = count_up(float(helps.sum()), asked, SHARE_BITS, clients)
        update = count_up(float(sent.sum()), size, self.bits, clients)
        said = {"keys": keys, "shares": shares, "update": update, "unmasking": names + handed}
        return Tally(said)
