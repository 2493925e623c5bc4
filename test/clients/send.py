"""Sends a form as a program in Python does: argv[1] says with what, standard input has the form as JSON.
Prints the status of the answer.
"""

import json
import sys
import urllib.error
import urllib.request
from email import policy
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import requests
import urllib3
from urllib3.fields import RequestField, format_header_param_rfc2231


def with_requests(url, entries):
    """Fields in data, files in files: requests puts the fields first."""
    data = [(entry["name"], entry["value"]) for entry in entries if "value" in entry]
    files = [(entry["name"], file_of(entry)) for entry in entries if "path" in entry]
    return requests.post(url, data=data, files=files).status_code


def with_requests_alone(url, entries):
    """All in files, a field as a file without a name: how a form without files is sent as multipart."""
    return requests.post(url, files=[(entry["name"], file_of(entry)) for entry in entries]).status_code


def with_urllib3(url, entries):
    fields = [(entry["name"], value_of(entry)) for entry in entries]
    return urllib3.PoolManager().request("POST", url, fields=fields).status


def with_urllib3_rfc2231(url, entries):
    """As urllib3 wrote names before 1.25."""
    fields = []
    for entry in entries:
        content = entry.get("value") if "value" in entry else read(entry)
        field = RequestField(
            name=entry["name"],
            data=content,
            filename=entry.get("filename"),
            header_formatter=format_header_param_rfc2231,
        )
        field.make_multipart(content_type=entry.get("type"))
        fields.append(field)
    return urllib3.PoolManager().request("POST", url, fields=fields).status


def with_email(url, entries):
    """A message of the email package, its headers without folding, sent by urllib."""
    message = MIMEMultipart("form-data")
    for entry in entries:
        if "value" in entry:
            part = MIMEText(entry["value"])
            part.add_header("Content-Disposition", "form-data", name=entry["name"])
        else:
            part = MIMEApplication(read(entry), _encoder=lambda part: None)
            part.add_header("Content-Disposition", "form-data", name=entry["name"], filename=entry["filename"])
        message.attach(part)
    head, body = message.as_bytes(policy=policy.HTTP).split(b"\r\n\r\n", 1)
    return post(url, body, message["Content-Type"])


def by_hand(url, entries, boundary="--------------boundary_1a2b3c"):
    """The lines that many a script has."""
    lines = []
    for entry in entries:
        lines.append("--" + boundary)
        if "value" in entry:
            lines += ['Content-Disposition: form-data; name="%s"' % entry["name"], "", entry["value"]]
        else:
            names = (entry["name"], entry["filename"])
            lines += ['Content-Disposition: form-data; name="%s"; filename="%s"' % names]
            lines += ["Content-Type: %s" % entry["type"], "", read(entry)]
    lines += ["--" + boundary + "--", ""]
    body = b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    return post(url, body, "multipart/form-data; boundary=%s" % boundary)


def by_hand_as_often_copied(url, entries):
    """The boundary of a recipe of 2002 that is still copied. RFC 2046 has no dollar sign in boundaries."""
    return by_hand(url, entries, "----------ThIs_Is_tHe_bouNdaRY_$")


def post(url, body, content_type):
    request = urllib.request.Request(url, data=body, headers={"Content-Type": content_type})
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as answer:
        return answer.code


def file_of(entry):
    if "value" in entry:
        return (None, entry["value"])
    if entry["type"] is None:
        return open(entry["path"], "rb")
    return (entry["filename"], open(entry["path"], "rb"), entry["type"])


def value_of(entry):
    if "value" in entry:
        return entry["value"]
    named = (entry["filename"], read(entry))
    return named if entry["type"] is None else (*named, entry["type"])


def read(entry):
    with open(entry["path"], "rb") as file:
        return file.read()


if sys.argv[1] == "versions":
    versions = {"requests": requests.__version__, "urllib3": urllib3.__version__}
    print(json.dumps({"python": sys.version.split()[0], **versions}))
else:
    form = json.load(sys.stdin)
    print(globals()[sys.argv[1]](form["url"], form["entries"]))
