-- CreateTable
CREATE TABLE "SigningKey" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "secret" BLOB NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "retiredAt" BIGINT
);

-- CreateTable
CREATE TABLE "StatusList" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "issuer" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "createdAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "Award" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT,
    "programme" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "certificate" TEXT NOT NULL,
    "level" INTEGER,
    "organisationId" TEXT,
    "language" TEXT NOT NULL,
    "display" TEXT NOT NULL,
    "name" BLOB NOT NULL,
    "credential" BLOB NOT NULL,
    "issuedAt" BIGINT NOT NULL,
    "validFrom" BIGINT NOT NULL,
    "validUntil" BIGINT,
    "extendedUntil" BIGINT,
    "state" TEXT NOT NULL,
    "withdrawnAt" BIGINT,
    "reason" TEXT,
    "supersededBy" TEXT,
    "keyId" TEXT NOT NULL,
    "statusList" TEXT NOT NULL,
    "statusIndex" INTEGER NOT NULL,
    "token" TEXT NOT NULL,
    "showName" BOOLEAN NOT NULL,
    "showProgramme" BOOLEAN NOT NULL,
    "neutral" BOOLEAN NOT NULL,
    "assessmentId" TEXT,
    "hours" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL,
    "nextAt" BIGINT
);

-- CreateIndex
CREATE INDEX "StatusList_issuer_idx" ON "StatusList"("issuer");

-- CreateIndex
CREATE UNIQUE INDEX "Award_token_key" ON "Award"("token");

-- CreateIndex
CREATE UNIQUE INDEX "Award_assessmentId_key" ON "Award"("assessmentId");

-- CreateIndex
CREATE INDEX "Award_personId_idx" ON "Award"("personId");

-- CreateIndex
CREATE INDEX "Award_organisationId_idx" ON "Award"("organisationId");

-- CreateIndex
CREATE INDEX "Award_nextAt_idx" ON "Award"("nextAt");

-- CreateIndex
CREATE INDEX "Award_issuedAt_idx" ON "Award"("issuedAt");

-- CreateIndex
CREATE INDEX "Award_statusList_state_idx" ON "Award"("statusList", "state");

-- CreateIndex
CREATE UNIQUE INDEX "Award_statusList_statusIndex_key" ON "Award"("statusList", "statusIndex");
