/** Faults of the fault catalogue that strike the registry: number, what happens, what must hold, and the test that shows it. */
export const registryFaults: readonly (readonly [string, string, string, string])[] = [
  [
    "4",
    "the API is killed after it wrote, before it answered",
    "the mail is sent all the same; the same request with the same key gets the same id, once",
    "`registry-faults`",
  ],
  [
    "5",
    "a worker is killed in its work, or stopped and woken when another has it",
    "the second run is the one that counts; what the late one says of it changes nothing",
    "`registration-faults`, `outbox-faults`, `late-worker`",
  ],
  [
    "24",
    "Redis killed, away, emptied, or full and told to forget nothing",
    "registrations are taken; the work is done within a minute of its return",
    "`registry-faults`, `registration-faults`",
  ],
  [
    "25",
    "work given twice, a day late, or never to be done",
    "done once; or put aside with its reason, for staff to look at, and begun no more",
    "`outbox-faults`, `queue`",
  ],
  [
    "30",
    "the mail server is away; a link is followed twenty times at once, or by a scanner",
    "each mail comes in the end, with one and the same link; looking spends nothing, one session comes of it",
    "`registration-faults`, `registration`, `registry-faults`",
  ],
  [
    "35",
    "fifty ask for one name; one proof, one answer, one invitation or one closing many times at once; closed while the vault is made",
    "one wins, the others are told so; one organization, one affiliation, one entry in the audit log; no Tenant is left",
    "`registration`, `affiliation`, `registry-faults`, `late-worker`",
  ],
  [
    "36",
    "all Tenants are deleted behind the registry's back, and the worker starts on an empty list",
    "nothing is closed, no address is free; each Tenant comes back for the same organization when staff say so",
    "`registry-faults`",
  ],
];
