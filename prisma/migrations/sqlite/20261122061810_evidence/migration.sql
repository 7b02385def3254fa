-- CreateTable
CREATE TABLE "Evidence" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "programme" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "prior" BOOLEAN NOT NULL,
    "competences" TEXT NOT NULL,
    "earlier" TEXT,
    "title" BLOB,
    "text" BLOB,
    "link" BLOB,
    "recordKey" TEXT,
    "state" TEXT NOT NULL,
    "accepted" TEXT,
    "shared" BOOLEAN NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL,
    "decidedAt" BIGINT
);

-- CreateTable
CREATE TABLE "EvidenceStep" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "evidenceId" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "reason" BLOB,
    "competences" TEXT,
    "at" BIGINT NOT NULL,
    CONSTRAINT "EvidenceStep_evidenceId_fkey" FOREIGN KEY ("evidenceId") REFERENCES "Evidence" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "EvidenceFile" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "evidenceId" TEXT NOT NULL,
    "name" BLOB,
    "mime" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "bytes" BLOB,
    "tickedAt" BIGINT NOT NULL,
    "destroyedAt" BIGINT,
    "destroyedBy" TEXT,
    CONSTRAINT "EvidenceFile_evidenceId_fkey" FOREIGN KEY ("evidenceId") REFERENCES "Evidence" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "UploadLink" (
    "tokenHash" TEXT NOT NULL PRIMARY KEY,
    "personId" TEXT NOT NULL,
    "evidenceId" TEXT NOT NULL,
    "expiresAt" BIGINT NOT NULL,
    "usedAt" BIGINT,
    CONSTRAINT "UploadLink_evidenceId_fkey" FOREIGN KEY ("evidenceId") REFERENCES "Evidence" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Evidence_personId_idx" ON "Evidence"("personId");

-- CreateIndex
CREATE INDEX "Evidence_organisationId_state_idx" ON "Evidence"("organisationId", "state");

-- CreateIndex
CREATE INDEX "Evidence_state_decidedAt_idx" ON "Evidence"("state", "decidedAt");

-- CreateIndex
CREATE INDEX "EvidenceStep_by_idx" ON "EvidenceStep"("by");

-- CreateIndex
CREATE UNIQUE INDEX "EvidenceStep_evidenceId_n_key" ON "EvidenceStep"("evidenceId", "n");

-- CreateIndex
CREATE INDEX "EvidenceFile_evidenceId_idx" ON "EvidenceFile"("evidenceId");

-- CreateIndex
CREATE INDEX "EvidenceFile_destroyedBy_idx" ON "EvidenceFile"("destroyedBy");

-- CreateIndex
CREATE INDEX "UploadLink_personId_idx" ON "UploadLink"("personId");

-- CreateIndex
CREATE INDEX "UploadLink_evidenceId_idx" ON "UploadLink"("evidenceId");

-- CreateIndex
CREATE INDEX "UploadLink_expiresAt_idx" ON "UploadLink"("expiresAt");
