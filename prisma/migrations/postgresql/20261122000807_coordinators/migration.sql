-- AlterTable
ALTER TABLE "Invite" ADD COLUMN     "cohort" TEXT,
ADD COLUMN     "invitedBy" TEXT,
ADD COLUMN     "invitee" BYTEA,
ADD COLUMN     "inviteeHash" TEXT;

-- CreateTable
CREATE TABLE "Organisation" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "parentId" TEXT,
    "country" TEXT NOT NULL,
    "region" TEXT,
    "settings" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Grant" (
    "id" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "programme" TEXT,
    "deputyFor" TEXT,
    "until" BIGINT,
    "createdBy" TEXT,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Grant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Cohort" (
    "id" TEXT NOT NULL,
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
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Cohort_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CohortPart" (
    "cohortId" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "lead" BOOLEAN NOT NULL,

    CONSTRAINT "CohortPart_pkey" PRIMARY KEY ("cohortId","organisationId")
);

-- CreateTable
CREATE TABLE "Membership" (
    "id" TEXT NOT NULL,
    "cohortId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "caredBy" TEXT,
    "ticks" TEXT NOT NULL,
    "joinedAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL,

    CONSTRAINT "Membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Audit" (
    "id" SERIAL NOT NULL,
    "at" BIGINT NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT,
    "organisationId" TEXT,
    "detail" TEXT NOT NULL,

    CONSTRAINT "Audit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SignIn" (
    "tokenHash" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "usedAt" BIGINT,

    CONSTRAINT "SignIn_pkey" PRIMARY KEY ("tokenHash")
);

-- CreateTable
CREATE TABLE "ConsoleSession" (
    "idHash" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "seenAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,

    CONSTRAINT "ConsoleSession_pkey" PRIMARY KEY ("idHash")
);

-- CreateTable
CREATE TABLE "Consent" (
    "id" SERIAL NOT NULL,
    "personId" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "given" BOOLEAN NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "Consent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Question" (
    "id" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "organisationId" TEXT,
    "cohortId" TEXT,
    "broadcastId" TEXT,
    "caredBy" TEXT,
    "state" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL,

    CONSTRAINT "Question_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "QuestionEntry" (
    "id" SERIAL NOT NULL,
    "questionId" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "text" BYTEA NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "QuestionEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Note" (
    "id" SERIAL NOT NULL,
    "author" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "text" BYTEA NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "Note_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Broadcast" (
    "id" TEXT NOT NULL,
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
    "changedAt" BIGINT NOT NULL,

    CONSTRAINT "Broadcast_pkey" PRIMARY KEY ("id")
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

    CONSTRAINT "BroadcastDelivery_pkey" PRIMARY KEY ("broadcastId","personId")
);

-- CreateTable
CREATE TABLE "Filter" (
    "id" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "filter" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Filter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Topic" (
    "personId" TEXT NOT NULL,
    "topic" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "Topic_pkey" PRIMARY KEY ("personId","topic")
);

-- CreateTable
CREATE TABLE "Approval" (
    "id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "askedBy" TEXT NOT NULL,
    "decidedBy" TEXT,
    "granted" BOOLEAN,
    "createdAt" BIGINT NOT NULL,
    "decidedAt" BIGINT,
    "expiresAt" BIGINT NOT NULL,

    CONSTRAINT "Approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Undo" (
    "id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "before" BYTEA NOT NULL,
    "actor" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "undoneAt" BIGINT,

    CONSTRAINT "Undo_pkey" PRIMARY KEY ("id")
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

-- AddForeignKey
ALTER TABLE "Grant" ADD CONSTRAINT "Grant_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Grant" ADD CONSTRAINT "Grant_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CohortPart" ADD CONSTRAINT "CohortPart_cohortId_fkey" FOREIGN KEY ("cohortId") REFERENCES "Cohort"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CohortPart" ADD CONSTRAINT "CohortPart_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Membership" ADD CONSTRAINT "Membership_cohortId_fkey" FOREIGN KEY ("cohortId") REFERENCES "Cohort"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Membership" ADD CONSTRAINT "Membership_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Membership" ADD CONSTRAINT "Membership_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "Organisation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SignIn" ADD CONSTRAINT "SignIn_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ConsoleSession" ADD CONSTRAINT "ConsoleSession_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Consent" ADD CONSTRAINT "Consent_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "QuestionEntry" ADD CONSTRAINT "QuestionEntry_questionId_fkey" FOREIGN KEY ("questionId") REFERENCES "Question"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BroadcastDelivery" ADD CONSTRAINT "BroadcastDelivery_broadcastId_fkey" FOREIGN KEY ("broadcastId") REFERENCES "Broadcast"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Topic" ADD CONSTRAINT "Topic_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;
