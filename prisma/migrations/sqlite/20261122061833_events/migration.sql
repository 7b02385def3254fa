-- CreateTable
CREATE TABLE "Event" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "cohortId" TEXT NOT NULL,
    "template" TEXT,
    "title" TEXT,
    "form" TEXT NOT NULL,
    "venue" TEXT NOT NULL,
    "link" TEXT NOT NULL,
    "startsAt" BIGINT NOT NULL,
    "endsAt" BIGINT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "minutes" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "unit" TEXT,
    "places" INTEGER,
    "overnight" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "secret" BLOB NOT NULL,
    "makesUpFor" TEXT,
    "sequence" INTEGER NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Seat" (
    "eventId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "queuedAt" BIGINT NOT NULL,
    "offeredUntil" BIGINT,
    "overnight" TEXT,
    "attendance" TEXT,
    "minutes" INTEGER,
    "checkedInAt" BIGINT,
    "notedBy" TEXT,
    "notes" INTEGER NOT NULL DEFAULT 0,
    "changedAt" BIGINT NOT NULL,

    PRIMARY KEY ("eventId", "personId"),
    CONSTRAINT "Seat_eventId_fkey" FOREIGN KEY ("eventId") REFERENCES "Event" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "CalendarFeed" (
    "tokenHash" TEXT NOT NULL PRIMARY KEY,
    "nonce" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "Event_cohortId_startsAt_idx" ON "Event"("cohortId", "startsAt");

-- CreateIndex
CREATE INDEX "Event_state_startsAt_idx" ON "Event"("state", "startsAt");

-- CreateIndex
CREATE INDEX "Seat_personId_idx" ON "Seat"("personId");

-- CreateIndex
CREATE INDEX "Seat_state_offeredUntil_idx" ON "Seat"("state", "offeredUntil");

-- CreateIndex
CREATE INDEX "CalendarFeed_personId_idx" ON "CalendarFeed"("personId");
