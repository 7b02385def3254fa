-- CreateTable
CREATE TABLE "Assessment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "programme" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "frameworkVersion" TEXT,
    "certificate" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "cohortId" TEXT,
    "state" TEXT NOT NULL,
    "openKey" TEXT,
    "claimedBy" TEXT,
    "claimedAt" BIGINT,
    "firstAt" BIGINT,
    "firstOutside" BOOLEAN NOT NULL,
    "secondBy" TEXT,
    "secondAt" BIGINT,
    "countersignedBy" TEXT,
    "decision" TEXT,
    "decidedBy" TEXT,
    "decidedAt" BIGINT,
    "reason" BLOB,
    "appealOf" TEXT,
    "appeal" BLOB,
    "createdAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Rating" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "assessmentId" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "competence" TEXT NOT NULL,
    "level" INTEGER NOT NULL,
    "reason" BLOB,
    "at" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Conflict" (
    "assessmentId" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("assessmentId", "personId")
);

-- CreateTable
CREATE TABLE "Appointment" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "kind" TEXT NOT NULL,
    "personId" TEXT NOT NULL,
    "withId" TEXT NOT NULL,
    "assessmentId" TEXT,
    "proposed" TEXT NOT NULL,
    "startsAt" BIGINT,
    "minutes" INTEGER NOT NULL,
    "place" BLOB,
    "state" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "Assessment_openKey_key" ON "Assessment"("openKey");

-- CreateIndex
CREATE INDEX "Assessment_personId_idx" ON "Assessment"("personId");

-- CreateIndex
CREATE INDEX "Assessment_state_organisationId_idx" ON "Assessment"("state", "organisationId");

-- CreateIndex
CREATE INDEX "Assessment_claimedBy_idx" ON "Assessment"("claimedBy");

-- CreateIndex
CREATE INDEX "Assessment_secondBy_idx" ON "Assessment"("secondBy");

-- CreateIndex
CREATE INDEX "Rating_assessmentId_idx" ON "Rating"("assessmentId");

-- CreateIndex
CREATE INDEX "Rating_by_idx" ON "Rating"("by");

-- CreateIndex
CREATE INDEX "Conflict_personId_idx" ON "Conflict"("personId");

-- CreateIndex
CREATE INDEX "Appointment_personId_idx" ON "Appointment"("personId");

-- CreateIndex
CREATE INDEX "Appointment_withId_idx" ON "Appointment"("withId");

-- CreateIndex
CREATE INDEX "Appointment_assessmentId_idx" ON "Appointment"("assessmentId");
