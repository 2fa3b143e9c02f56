"""The client, a process of its own: reads a job (JSON) from stdin, talks, writes the figures (JSON) to stdout.

The same client with kept-alive connections talks to both systems; each sender waits for its answer before it
says the next thing, and every answer is checked.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
import uuid
from dataclasses import asdict, dataclass
from typing import Any

import aiohttp

from bench.conversation import ACTIONS, CONVERSATIONS, Target, Turn, WrongAnswer

# Turns are numbered from 1, as in "from turn 5 to turn 200".
LONG_TURNS = 200
EARLY = slice(4, 25)
LATE = slice(179, 200)


@dataclass(frozen=True)
class Job:
    """What to measure: `senders` at once for `seconds`, or (seconds 0) `rounds` conversations of 200 turns."""

    url: str
    target: Target
    conversation: str = "visit"
    senders: int = 1
    warmup: float = 2.0
    seconds: float = 0.0
    rounds: int = 1


@dataclass(frozen=True)
class Load:
    """Figures of one load phase; latencies in milliseconds."""

    turns: int
    per_second: float
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True)
class Growth:
    """Median latencies (ms) early and late in one long conversation."""

    early: float
    late: float
    ratio: float


async def say(session: aiohttp.ClientSession, job: Job, sender: str, turn: Turn) -> float:
    """Say one thing, check the answer, return the latency in seconds."""
    body = json.dumps({"sender": sender, "message": turn.text}).encode()
    started = time.perf_counter()
    async with session.post(job.url, data=body, headers={"Content-Type": "application/json"}) as response:
        answer = await response.read()
    latency = time.perf_counter() - started
    if response.status != 200:
        raise WrongAnswer(f"{job.target}, asked {turn.text!r}: HTTP {response.status} {answer[:400]!r}")
    turn.check(job.target, json.loads(answer))
    return latency


async def load(session: aiohttp.ClientSession, job: Job) -> Load:
    """Let the senders talk, each conversation under a fresh id; counts what ends within the measured window."""
    begin = time.perf_counter() + job.warmup
    end = begin + job.seconds
    latencies: list[float] = []

    async def talk() -> None:
        while True:
            sender = uuid.uuid4().hex
            for turn in CONVERSATIONS[job.conversation]:
                latency = await say(session, job, sender, turn)
                now = time.perf_counter()
                if now >= end:
                    return
                if now >= begin:
                    latencies.append(latency * 1000)

    await asyncio.gather(*(talk() for _ in range(job.senders)))
    if len(latencies) < 2:
        raise WrongAnswer(f"{job.target}: {len(latencies)} answers in {job.seconds:.0f} s")
    cuts = statistics.quantiles(latencies, n=100, method="inclusive")
    return Load(len(latencies), len(latencies) / job.seconds, cuts[49], cuts[94], cuts[98])


async def growth(session: aiohttp.ClientSession, job: Job) -> Growth:
    """Hold long conversations, one after another, and compare their late turns with their early ones."""
    early: list[float] = []
    late: list[float] = []
    for _ in range(job.rounds):
        sender = uuid.uuid4().hex
        latencies = [
            1000 * await say(session, job, sender, ACTIONS[number % len(ACTIONS)]) for number in range(LONG_TURNS)
        ]
        early += latencies[EARLY]
        late += latencies[LATE]
    before, after = statistics.median(early), statistics.median(late)
    return Growth(before, after, after / before)


async def run(job: Job) -> Load | Growth:
    """Measure one job."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=60)
    ) as session:
        return await (load(session, job) if job.seconds else growth(session, job))


def main() -> int:
    """Read the job, measure, write the figures; a wrong answer is one line on stderr and exit code 1."""
    job = Job(**json.load(sys.stdin))
    try:
        figures: Any = asdict(asyncio.run(run(job)))
    except (WrongAnswer, aiohttp.ClientError, asyncio.TimeoutError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    json.dump(figures, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
