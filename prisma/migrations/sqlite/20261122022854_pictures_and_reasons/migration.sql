-- AlterTable
ALTER TABLE "Address" ADD COLUMN "reason" TEXT;

-- CreateTable
CREATE TABLE "Picture" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "organisationId" TEXT NOT NULL,
    "mime" TEXT NOT NULL,
    "bytes" BLOB NOT NULL,
    "createdAt" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "Picture_organisationId_idx" ON "Picture"("organisationId");

-- CreateIndex
CREATE INDEX "Consent_at_idx" ON "Consent"("at");

-- CreateIndex
CREATE INDEX "Note_at_idx" ON "Note"("at");
