-- CreateTable
CREATE TABLE "ProgrammeDraft" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "programme" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "files" BLOB NOT NULL,
    "rev" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "changedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "ProgrammeStep" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "draftId" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "rev" INTEGER NOT NULL,
    "said" BLOB,
    "at" BIGINT NOT NULL,
    CONSTRAINT "ProgrammeStep_draftId_fkey" FOREIGN KEY ("draftId") REFERENCES "ProgrammeDraft" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ProgrammeSource" (
    "id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "files" BLOB NOT NULL,
    "at" BIGINT NOT NULL,

    PRIMARY KEY ("id", "version")
);

-- CreateIndex
CREATE INDEX "ProgrammeDraft_organisationId_idx" ON "ProgrammeDraft"("organisationId");

-- CreateIndex
CREATE INDEX "ProgrammeStep_draftId_at_idx" ON "ProgrammeStep"("draftId", "at");

-- CreateIndex
CREATE INDEX "ProgrammeStep_by_idx" ON "ProgrammeStep"("by");
