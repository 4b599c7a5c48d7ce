"""What can go wrong, as one tree. Each error composes its own sentence: what, where, what would be right.

::

    CarekgError                      exit 1   HTTP 500
    ├── FolderError                  exit 2   HTTP 500   a knowledge folder is not whole
    │   ├── MissingPart                                  no ontology, no such folder
    │   ├── BrokenFile                                   a file that does not parse
    │   ├── UnknownTerms                                 an IRI that its namespace does not have
    │   ├── UncoveredAxiom                               the ontology says what reasoning does not cover
    │   ├── DriftedPhrases                               a quoted phrase is not on its line of the document
    │   ├── UnusableShapes                               shapes are not well-formed
    │   ├── BothChanged                                  files and stewards say different things of the same
    │   └── Unwritable                                   a file that cannot be written
    ├── InvalidGraph                 exit 3   HTTP 422   shapes are violated
    ├── StoreError                   exit 4   HTTP 503   the store cannot be read or written
    │   ├── Busy                                         every reader is at work
    │   ├── Swept                                        a file went before a reader had opened it
    │   ├── WouldLose                                    a build would take away what it could not give back
    │   ├── BeyondMemory                                 what is to be taken into memory does not fit
    │   ├── InTheMaking                                  what is made of the graph once is not ready
    │   ├── NoFullText                                   this machine's SQLite searches no texts
    │   ├── Unreachable, NoAnswer                        a server that a client asks is silent
    │   └── NotOurs                                      what answers there is no server of carekg
    ├── BadInput                     exit 2   HTTP 400   the user can mend it
    │   ├── MissingExtra                                 a library that only some need is not installed
    │   ├── UnknownQuery                      HTTP 404
    │   ├── UnknownParameter
    │   ├── BadValue, MissingValue, BadLook
    │   ├── BadDrawing                               an answer cannot be drawn in this way
    │   │   └── NothingToDraw             HTTP 404
    │   ├── BadMember                                    a member of the JSON that was sent is not right
    │   ├── TooMany                           HTTP 413   more of something than is read at once
    │   ├── UnknownThings             HTTP 422   what a change speaks of is described nowhere
    │   ├── BadQuery, BadBody
    │   ├── BrokenDocument                           a file that is imported breaks off, or is none of its kind
    │   ├── BadGrants                 HTTP 422       grants of a file are not as their standard has them
    │   ├── UnknownFormat                     HTTP 406
    │   ├── UnsupportedMedia                  HTTP 415
    │   │   └── UnsupportedCoding
    │   ├── NeedsLength                       HTTP 411
    │   ├── Unmet                             HTTP 404, 409, 412   a graph is not as the request takes it to be
    │   ├── CannotUndo                        HTTP 409   a change that others rest on
    │   ├── NoChange                          HTTP 404   no change of that number was made
    │   ├── Overtaken                         HTTP 409   others have changed it meanwhile
    │   ├── NotFound, NoDraft, NoPlan         HTTP 404
    │   ├── Closed                            HTTP 409   a draft that was committed or withdrawn
    │   ├── BadSheet                                     a file is no sheet that can be read
    │   ├── WrongCells               exit 3   HTTP 422   cells of a sheet are not right
    │   ├── Unconfirmed                       HTTP 409   names in a sheet may mean several things
    │   └── Gone                              HTTP 410   what was removed
    └── Refused                      exit 5   HTTP 403   not allowed here
        ├── ReadOnly                 exit 5   HTTP 403
        ├── Unauthorized             exit 5   HTTP 401
        │   └── NotLoggedIn
        ├── BadLogin                 exit 5   HTTP 401
        ├── Forged                   exit 5   HTTP 400   a form that no page here has sent
        ├── RoleNeeded               exit 5   HTTP 403   known, and not allowed to
        ├── NotYours, OwnDraft       exit 5   HTTP 403   a draft of somebody else, or one's own
        ├── TooOften                 exit 5   HTTP 429
        │   └── LoginsTooOften
        ├── Crowded                  exit 5   HTTP 503
        ├── TooLarge                 exit 5   HTTP 413
        ├── TooSlow                  exit 5   HTTP 408
        ├── LeavingQuery             exit 5   HTTP 403
        ├── Derived                  exit 5   HTTP 403   what nobody states cannot be changed
        ├── OverDeadline             exit 5   HTTP 408
        ├── OverDrawn                exit 5   HTTP 413   a picture that takes too much
        └── OverMemory, OverSize, TooLong  exit 5   HTTP 413
"""

from __future__ import annotations

from carekg.errors.accounts import (
    BadLogin,
    Closed,
    Forged,
    LoginsTooOften,
    NoDraft,
    NoPlan,
    NotLoggedIn,
    NotYours,
    OwnDraft,
    RoleNeeded,
)
from carekg.errors.base import CarekgError
from carekg.errors.clients import MissingExtra, NoAnswer, NotOurs, Unreachable
from carekg.errors.folders import (
    BothChanged,
    BrokenFile,
    DriftedPhrases,
    FolderError,
    InvalidGraph,
    MissingPart,
    UncoveredAxiom,
    UnknownTerms,
    UnusableShapes,
    Unwritable,
)
from carekg.errors.grants import BadGrants, BrokenDocument
from carekg.errors.inputs import (
    BadBody,
    BadDrawing,
    BadInput,
    BadLook,
    BadMember,
    BadQuery,
    BadValue,
    CannotUndo,
    Gone,
    MissingValue,
    NeedsLength,
    NoChange,
    NotFound,
    NothingToDraw,
    Overtaken,
    TooMany,
    UnknownFormat,
    UnknownParameter,
    UnknownQuery,
    UnknownThings,
    Unmet,
    UnsupportedCoding,
    UnsupportedMedia,
)
from carekg.errors.refusals import (
    Crowded,
    Derived,
    LeavingQuery,
    OverDeadline,
    OverDrawn,
    OverMemory,
    OverSize,
    ReadOnly,
    Refused,
    TooLarge,
    TooLong,
    TooOften,
    TooSlow,
    Unauthorized,
)
from carekg.errors.sheets import BadSheet, Unconfirmed, WrongCells
from carekg.errors.stores import BeyondMemory, Busy, InTheMaking, NoFullText, StoreError, Swept, WouldLose

__all__ = [
    "BadBody",
    "BadDrawing",
    "BadGrants",
    "BadInput",
    "BadLogin",
    "BadLook",
    "BadMember",
    "BadQuery",
    "BadSheet",
    "BadValue",
    "BeyondMemory",
    "BothChanged",
    "BrokenDocument",
    "BrokenFile",
    "Busy",
    "CannotUndo",
    "CarekgError",
    "Closed",
    "Crowded",
    "Derived",
    "DriftedPhrases",
    "FolderError",
    "Forged",
    "Gone",
    "InTheMaking",
    "InvalidGraph",
    "LeavingQuery",
    "LoginsTooOften",
    "MissingExtra",
    "MissingPart",
    "MissingValue",
    "NeedsLength",
    "NoAnswer",
    "NoChange",
    "NoDraft",
    "NoFullText",
    "NoPlan",
    "NotFound",
    "NotLoggedIn",
    "NotOurs",
    "NotYours",
    "NothingToDraw",
    "OverDeadline",
    "OverDrawn",
    "OverMemory",
    "OverSize",
    "Overtaken",
    "OwnDraft",
    "ReadOnly",
    "Refused",
    "RoleNeeded",
    "StoreError",
    "Swept",
    "TooLarge",
    "TooLong",
    "TooMany",
    "TooOften",
    "TooSlow",
    "Unauthorized",
    "Unconfirmed",
    "UncoveredAxiom",
    "UnknownFormat",
    "UnknownParameter",
    "UnknownQuery",
    "UnknownTerms",
    "UnknownThings",
    "Unmet",
    "Unreachable",
    "UnsupportedCoding",
    "UnsupportedMedia",
    "UnusableShapes",
    "Unwritable",
    "WouldLose",
    "WrongCells",
]
