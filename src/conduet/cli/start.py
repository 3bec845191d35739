"""What stands before serving: the database of this version, the owner's account and the demo of a first start."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from conduet.accounts import key_store, session_store, store
from conduet.accounts.example import first_curl
from conduet.accounts.oidc import OidcClient
from conduet.accounts.public_address import PublicAddress
from conduet.cli.say import out, stop
from conduet.errors import ConduetError
from conduet.kit.clock import milliseconds, now
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Tx, open_database
from conduet.kit.http.address import AllowPrivate
from conduet.knowledge.demo_documents import add_demo_documents
from conduet.limits.address import parse_networks
from conduet.limits.rate import parse_rate
from conduet.limits.wide import WideLimits
from conduet.migrations import migrate
from conduet.projects.demo import DEMO_ID, add_demo
from conduet.settings import Settings

SIGN_IN_PATH = "/sign-in"


@dataclass(frozen=True, slots=True)
class FirstStart:
    """What only the first start shows: a sign-in token, and a key of the demo where there is one."""

    link_token: str
    demo_key: str | None


def prepare(settings: Settings, *, address: str, demo: bool) -> None:
    """Brings the folder to where it can be served and prints how to go on; ends the command where it cannot."""
    try:
        WideLimits(parse_rate(settings.rate_limit), redis_url=settings.redis_url)
        parse_networks(settings.trusted_proxies)
        AllowPrivate.parse(settings.allow_private_urls)
        PublicAddress(settings.public_url)
        OidcClient.of(*settings.oidc)
        KeyRing.open(settings.secret_key, settings.data)
        database = open_database(settings.database, run_dir=settings.run_dir)
        migrate(settings.database)
    except OSError as error:
        stop(f"{settings.data} cannot be used ({error.strerror}): choose another folder with --data.")
    except (ConduetError, ValueError) as error:
        stop(str(error))
    try:
        first = database.write_now(lambda tx: first_start(tx, demo=demo))
    finally:
        database.close_now()
    _greet(settings, address=address, first=first)


def first_start(tx: Tx, *, demo: bool) -> FirstStart | None:
    """Makes the owner and the demo in a database that has neither, once however many machines start on it."""
    tx.alone("first start")
    if store.find_owner(tx) is not None:
        return None
    now_ms = milliseconds(now())
    owner = store.add_account(tx, name="My account", owner=store.UNNAMED, now_ms=now_ms)
    token = session_store.add_link(tx, owner, now_ms=now_ms)
    if not demo:
        return FirstStart(token, None)
    scope = add_demo(tx, owner.account, now_ms=now_ms)
    add_demo_documents(tx, scope, now_ms=now_ms)
    _, demo_key = key_store.add_key(tx, scope, account=owner.account, name="demo", now_ms=now_ms)
    return FirstStart(token, demo_key)


def _greet(settings: Settings, *, address: str, first: FirstStart | None) -> None:
    out(f"Conduet at {address}  (API reference: {address}/docs)")
    out(f"  data folder  {settings.data.absolute()}")
    unnamed = "by the environment's keys, else the built-in one, which quotes (`conduet doctor` tells)"
    out(f"  model        {settings.model or unnamed}")
    if first is None:
        out(f"  sign in      {link_command(settings.data)}  (prints a new one-time link)")
    else:
        out(f"  sign in      {sign_in_address(address, first.link_token)}  (once, within 15 minutes)")
    out("  stop         Ctrl-C")
    if first and first.demo_key:
        out(f"\nTalk to the demo ({DEMO_ID}):\n\n{first_curl(address, first.demo_key)}\n")
        out("The key and the link are shown this once; `conduet key create` and `conduet link` make new ones.")
    out("Ready.")


def link_command(data: Path) -> str:
    """What prints a new link of the server of a data folder, which is told here alone: a page would tell strangers."""
    is_usual = data == Settings.model_fields["data"].default
    return "conduet link" if is_usual else f"conduet link --data {shlex.quote(str(data))}"


def sign_in_address(address: str, token: str) -> str:
    """The page that trades a link's token for a session."""
    return f"{address}{SIGN_IN_PATH}?token={token}"
