-- AlterTable
ALTER TABLE "Invite" ADD COLUMN "cohort" TEXT;
ALTER TABLE "Invite" ADD COLUMN "invitedBy" TEXT;
ALTER TABLE "Invite" ADD COLUMN "invitee" BLOB;
ALTER TABLE "Invite" ADD COLUMN "inviteeHash" TEXT;

-- CreateTable
CREATE TABLE "Organisation" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "parentId" TEXT,
    "country" TEXT NOT NULL,
    "region" TEXT,
    "settings" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Grant" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "programme" TEXT,
    "deputyFor" TEXT,
    "until" BIGINT,
    "createdBy" TEXT,
    "createdAt" BIGINT NOT NULL,
    CONSTRAINT "Grant_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Grant_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Cohort" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "programme" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "languages" TEXT NOT NULL,
    "pace" TEXT NOT NULL,
    "startsOn" TEXT,
    "endsOn" TEXT,
    "places" INTEGER,
    "state" TEXT NOT NULL,
    "code" TEXT,
    "joining" TEXT NOT NULL,
    "ticks" TEXT NOT NULL,
    "group" TEXT,
    "createdAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "CohortPart" (
    "cohortId" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "lead" BOOLEAN NOT NULL,

    PRIMARY KEY ("cohortId", "organisationId"),
    CONSTRAINT "CohortPart_cohortId_fkey" FOREIGN KEY ("cohortId") REFERENCES "Cohort" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "CohortPart_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Membership" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "cohortId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "caredBy" TEXT,
    "ticks" TEXT NOT NULL,
    "joinedAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL,
    CONSTRAINT "Membership_cohortId_fkey" FOREIGN KEY ("cohortId") REFERENCES "Cohort" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Membership_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "Membership_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Audit" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "at" BIGINT NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "organisationId" TEXT,
    "detail" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "SignIn" (
    "tokenHash" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "usedAt" BIGINT,
    CONSTRAINT "SignIn_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ConsoleSession" (
    "idHash" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "seenAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    CONSTRAINT "ConsoleSession_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Consent" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "personId" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "given" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "Consent_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Question" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "organisationId" TEXT,
    "cohortId" TEXT,
    "broadcastId" TEXT,
    "caredBy" TEXT,
    "state" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "QuestionEntry" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "questionId" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "text" BLOB NOT NULL,
    "at" BIGINT NOT NULL,
    CONSTRAINT "QuestionEntry_questionId_fkey" FOREIGN KEY ("questionId") REFERENCES "Question" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Note" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "author" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "text" BLOB NOT NULL,
    "at" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Broadcast" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "organisationId" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "timing" TEXT NOT NULL,
    "startsAt" BIGINT,
    "cursor" TEXT,
    "planned" BOOLEAN NOT NULL,
    "corrects" TEXT,
    "createdAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "BroadcastDelivery" (
    "broadcastId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "addressId" TEXT,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "sentAt" BIGINT,
    "deliveredAt" BIGINT,
    "actedAt" BIGINT,
    "acknowledgedAt" BIGINT,
    "answer" TEXT,

    PRIMARY KEY ("broadcastId", "personId"),
    CONSTRAINT "BroadcastDelivery_broadcastId_fkey" FOREIGN KEY ("broadcastId") REFERENCES "Broadcast" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Filter" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "organisationId" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "filter" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Topic" (
    "personId" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("personId", "topic"),
    CONSTRAINT "Topic_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Approval" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "action" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "askedBy" TEXT NOT NULL,
    "decidedBy" TEXT,
    "granted" BOOLEAN,
    "createdAt" BIGINT NOT NULL,
    "decidedAt" BIGINT,
    "expiresAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Undo" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "before" BLOB NOT NULL,
    "actor" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "undoneAt" BIGINT
);

-- CreateIndex
CREATE INDEX "Grant_personId_idx" ON "Grant"("personId");

-- CreateIndex
CREATE INDEX "Grant_organisationId_idx" ON "Grant"("organisationId");

-- CreateIndex
CREATE UNIQUE INDEX "Cohort_code_key" ON "Cohort"("code");

-- CreateIndex
CREATE INDEX "CohortPart_organisationId_idx" ON "CohortPart"("organisationId");

-- CreateIndex
CREATE INDEX "Membership_personId_idx" ON "Membership"("personId");

-- CreateIndex
CREATE INDEX "Membership_organisationId_idx" ON "Membership"("organisationId");

-- CreateIndex
CREATE UNIQUE INDEX "Membership_cohortId_personId_key" ON "Membership"("cohortId", "personId");

-- CreateIndex
CREATE INDEX "Audit_at_idx" ON "Audit"("at");

-- CreateIndex
CREATE INDEX "Audit_subject_idx" ON "Audit"("subject");

-- CreateIndex
CREATE INDEX "SignIn_personId_idx" ON "SignIn"("personId");

-- CreateIndex
CREATE INDEX "ConsoleSession_personId_idx" ON "ConsoleSession"("personId");

-- CreateIndex
CREATE INDEX "Consent_personId_idx" ON "Consent"("personId");

-- CreateIndex
CREATE INDEX "Question_state_changedAt_idx" ON "Question"("state", "changedAt");

-- CreateIndex
CREATE INDEX "Question_personId_idx" ON "Question"("personId");

-- CreateIndex
CREATE INDEX "QuestionEntry_questionId_idx" ON "QuestionEntry"("questionId");

-- CreateIndex
CREATE INDEX "Note_author_personId_idx" ON "Note"("author", "personId");

-- CreateIndex
CREATE INDEX "Note_personId_idx" ON "Note"("personId");

-- CreateIndex
CREATE INDEX "Broadcast_organisationId_idx" ON "Broadcast"("organisationId");

-- CreateIndex
CREATE INDEX "Broadcast_state_startsAt_idx" ON "Broadcast"("state", "startsAt");

-- CreateIndex
CREATE INDEX "BroadcastDelivery_personId_idx" ON "BroadcastDelivery"("personId");

-- CreateIndex
CREATE INDEX "Filter_organisationId_idx" ON "Filter"("organisationId");

-- CreateIndex
CREATE INDEX "Topic_topic_idx" ON "Topic"("topic");

-- CreateIndex
CREATE INDEX "Approval_organisationId_idx" ON "Approval"("organisationId");

-- CreateIndex
CREATE INDEX "Undo_subject_idx" ON "Undo"("subject");

-- CreateIndex
CREATE INDEX "Undo_expiresAt_idx" ON "Undo"("expiresAt");

-- CreateIndex
CREATE INDEX "Invite_cohort_inviteeHash_idx" ON "Invite"("cohort", "inviteeHash");
