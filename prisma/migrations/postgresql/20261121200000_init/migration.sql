-- CreateTable
CREATE TABLE "Person" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "language" TEXT,
    "secondLanguage" TEXT,
    "timeZone" TEXT NOT NULL,
    "timeZoneKnown" BOOLEAN NOT NULL,
    "rhythm" TEXT,
    "pausedUntil" BIGINT,
    "stopped" BOOLEAN NOT NULL,
    "roles" TEXT NOT NULL,
    "addressId" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "FormerPerson" (
    "id" TEXT NOT NULL,
    "personId" TEXT NOT NULL,

    CONSTRAINT "FormerPerson_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Address" (
    "id" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "user" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "changedAt" BIGINT NOT NULL,

    CONSTRAINT "Address_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "personId" TEXT NOT NULL,
    "rev" INTEGER NOT NULL,
    "state" TEXT NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("personId")
);

-- CreateTable
CREATE TABLE "Delivery" (
    "channel" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "journal" BYTEA,

    CONSTRAINT "Delivery_pkey" PRIMARY KEY ("channel","tenant","id")
);

-- CreateTable
CREATE TABLE "Record" (
    "id" SERIAL NOT NULL,
    "personId" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "programme" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "Record_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Progress" (
    "personId" TEXT NOT NULL,
    "state" TEXT NOT NULL,

    CONSTRAINT "Progress_pkey" PRIMARY KEY ("personId")
);

-- CreateTable
CREATE TABLE "Token" (
    "token" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "meaning" TEXT NOT NULL,
    "answerKey" TEXT,
    "messageId" TEXT,
    "at" BIGINT NOT NULL,

    CONSTRAINT "Token_pkey" PRIMARY KEY ("token")
);

-- CreateTable
CREATE TABLE "Timer" (
    "personId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "due" BIGINT NOT NULL,
    "data" TEXT NOT NULL,

    CONSTRAINT "Timer_pkey" PRIMARY KEY ("personId","name")
);

-- CreateTable
CREATE TABLE "Job" (
    "id" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "notBefore" BIGINT NOT NULL,
    "takenUntil" BIGINT,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Outbox" (
    "seq" SERIAL NOT NULL,
    "lane" TEXT NOT NULL,
    "addressId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "class" INTEGER NOT NULL,
    "status" INTEGER NOT NULL,
    "payload" TEXT NOT NULL,
    "notBefore" BIGINT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "mayBeSent" BOOLEAN NOT NULL,
    "code" TEXT,
    "createdAt" BIGINT NOT NULL,
    "settledAt" BIGINT,

    CONSTRAINT "Outbox_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "Lane" (
    "name" TEXT NOT NULL,
    "holder" TEXT,
    "epoch" INTEGER NOT NULL,
    "until" BIGINT,

    CONSTRAINT "Lane_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Keep" (
    "adapter" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "value" BYTEA NOT NULL,

    CONSTRAINT "Keep_pkey" PRIMARY KEY ("adapter","key")
);

-- CreateTable
CREATE TABLE "FailedTurn" (
    "id" SERIAL NOT NULL,
    "personId" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "deliveryId" TEXT NOT NULL,
    "input" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "FailedTurn_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Meta" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "Meta_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "ProgrammeVersion" (
    "id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "ProgrammeVersion_pkey" PRIMARY KEY ("id","version")
);

-- CreateTable
CREATE TABLE "Invite" (
    "codeHash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "programme" TEXT,
    "organisation" TEXT,
    "expiresAt" BIGINT NOT NULL,
    "usedBy" TEXT,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Invite_pkey" PRIMARY KEY ("codeHash")
);

-- CreateTable
CREATE TABLE "LinkCode" (
    "codeHash" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "usedAt" BIGINT,

    CONSTRAINT "LinkCode_pkey" PRIMARY KEY ("codeHash")
);

-- CreateIndex
CREATE INDEX "FormerPerson_personId_idx" ON "FormerPerson"("personId");

-- CreateIndex
CREATE INDEX "Address_personId_idx" ON "Address"("personId");

-- CreateIndex
CREATE INDEX "Delivery_at_idx" ON "Delivery" USING BRIN ("at") WITH (pages_per_range = 32, autosummarize = on);

-- CreateIndex
CREATE UNIQUE INDEX "Record_personId_key_key" ON "Record"("personId", "key");

-- CreateIndex
CREATE INDEX "Timer_due_idx" ON "Timer"("due");

-- CreateIndex
CREATE INDEX "Job_notBefore_idx" ON "Job"("notBefore");

-- CreateIndex
CREATE INDEX "Job_personId_idx" ON "Job"("personId");

-- CreateIndex
CREATE INDEX "FailedTurn_at_idx" ON "FailedTurn"("at");

-- CreateIndex
CREATE INDEX "FailedTurn_personId_idx" ON "FailedTurn"("personId");

-- CreateIndex
CREATE INDEX "LinkCode_personId_idx" ON "LinkCode"("personId");

-- AddForeignKey
ALTER TABLE "FormerPerson" ADD CONSTRAINT "FormerPerson_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Address" ADD CONSTRAINT "Address_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Progress" ADD CONSTRAINT "Progress_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Timer" ADD CONSTRAINT "Timer_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Job" ADD CONSTRAINT "Job_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "LinkCode" ADD CONSTRAINT "LinkCode_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: BRIN on Delivery.at (rows arrive in its order, so it costs a turn nothing), and what follows, beyond
-- the schema language. Keep these when a later migration makes a table anew.
-- The outbox: rows that wait, in the order they leave; the first unfinished row of a chat and class; finished and streamed rows of a
-- chat; everything that does not wait by lane and state. A query must repeat the condition to use such an index.
CREATE INDEX "Outbox_waiting" ON "Outbox"("lane", "class", "notBefore", "seq", "createdAt") WHERE "status" = 0;
CREATE INDEX "Outbox_open" ON "Outbox"("addressId", "class", "seq") WHERE "status" <= 1;
CREATE INDEX "Outbox_chat" ON "Outbox"("addressId", "seq") WHERE "status" >= 2;
CREATE INDEX "Outbox_kept" ON "Outbox"("lane", "status", "createdAt") WHERE "status" >= 1;
-- What a person typed, for erasing and merging.
CREATE INDEX "Delivery_journal" ON "Delivery"("personId") WHERE "journal" IS NOT NULL;
-- Rows that are written again and again keep their indexes as they are when there is room on their page.
ALTER TABLE "Session" SET (fillfactor = 50, toast_tuple_target = 8160);
ALTER TABLE "Progress" SET (fillfactor = 50, toast_tuple_target = 8160);
ALTER TABLE "Outbox" SET (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
