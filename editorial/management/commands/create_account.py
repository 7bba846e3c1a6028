import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from editorial.actions import accounts
from editorial.enums import Role


class Command(BaseCommand):
    help = "Legt ein Konto an. Mit --password-stdin gilt die erste Zeile der Eingabe, sonst geht eine Einladung hinaus."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--email", required=True)
        parser.add_argument("--password-stdin", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else None
        if password == "":
            raise CommandError("Die Eingabe ist leer. Bitte geben Sie das Passwort in der ersten Zeile.")
        try:
            user = accounts.create(options["username"], Role(options["role"]), options["email"], password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if password is None:
            accounts.invite(user)
            self.stdout.write(f"Das Konto {user.username} ist angelegt. Die Einladung ging an {user.email}.")
        else:
            self.stdout.write(f"Das Konto {user.username} ist angelegt.")
