"""How the lines of the record are said in the evidence of a room. English msgids."""

from __future__ import annotations

SAID: dict[str, str] = {
    "Opened": "Signatures opened",
    "StageEntered": "A rank is asked to sign",
    "StageSkipped": "A rank was left out",
    "Signed": "Signature given",
    "Refused": "Signature refused",
    "TakenBack": "Signature taken back",
    "StepClosed": "The signatures of a step are complete",
    "StepOverdue": "A deadline passed",
    "Reminded": "Reminder sent",
    "Escalated": "Whoever opened the signatures was told of the delay",
    "DeadlineExtended": "More time given",
    "Reassigned": "Somebody signs instead",
    "VoteFell": "A signature fell",
    "Commented": "Remark",
    "Withdrawn": "Withdrawn by whoever opened it",
    "Cancelled": "Withdrawn",
    "Completed": "Signatures over",
    "RoomPrepared": "Signatures prepared",
    "RoomOpened": "File fixed for the signatures",
    "RoomExtended": "More time given",
    "LastDayNear": "Told that the last day to sign is near",
    "LastDayPassed": "Told that the last day to sign has passed",
    "RoomArchived": "File closed with a last time stamp",
    "SignatoryPut": "Signatory recorded",
    "SignatoryRemoved": "Signatory removed",
    "SignatoryDelegated": "Mandate to sign instead recorded",
    "AddressChanged": "Another address recorded",
    "FileSigned": "Signature written into the file",
    "SignatureTakenBack": "Signature taken out of the file",
    "PaperHandedIn": "Scan of a signed paper kept",
    "FileHandedIn": "Signed file from another tool handed in",
    "FileSetAside": "File from another tool set aside",
    "SignedWithCertificate": "Certificate of a signature recorded",
    "PutOnPaper": "Originals on paper counted",
    "OriginalMoved": "An original on paper changed hands",
    "CopyAsked": "Copy to be sent",
    "CopySent": "Link to the complete file sent",
    "CopyOpened": "Complete file received",
    "CopyHandedOver": "Printed copy handed over",
    "MilestoneNoted": "A day that counts recorded",
    "MilestoneCorrected": "A day that counts corrected",
    "EvidenceMade": "Evidence made",
    "LinkMade": "Personal link made",
    "LinkSent": "Personal link sent",
    "LinkPrinted": "Letter with the personal link printed",
    "LinkOpened": "Right code typed",
    "LinkUsed": "Personal link used",
    "LinkWithdrawn": "Personal link dead",
    "LinkBlocked": "Code typed wrong too often",
    "CodeSent": "Code sent",
    "CodePrinted": "Paper with the code printed",
}
"""{kind of a line: what it says}; a kind that is not there is printed as it is."""
SENDING = {"LinkSent": "mail", "LinkPrinted": "letter"}
CODES = {"CodeSent": "mail", "CodePrinted": "letter"}
"""{kind of a line: how a link, or a code, went}."""
IDENTITIES: dict[str, str] = {
    "link": "Personal link, and a code sent apart",
    "access": "Access of their own, and a code sent by mail",
    "certificate": "Certificate of their own; what it says of the person was not checked here",
    "parapheur": "Signing tool of their organisation; what its certificate says was not checked here",
    "paper": "Signed by hand; somebody attests that the paper is the same document",
}
"""How it was known who signs."""
