"""`python -m bot.documents TEMPLATE FORM`: the words as JSON on standard input, the file on standard output."""

import json
import sys

from bot.documents.setting import made

if __name__ == "__main__":
    template, form = sys.argv[1:]
    sys.stdout.buffer.write(made(template, form, json.load(sys.stdin)))
