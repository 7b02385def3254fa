-- CreateTable
CREATE TABLE "SelfCheck" (
    "tokenHash" TEXT NOT NULL PRIMARY KEY,
    "programme" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "answers" TEXT NOT NULL,
    "codeHash" TEXT,
    "usedBy" TEXT,
    "expiresAt" BIGINT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "SelfCheck_codeHash_key" ON "SelfCheck"("codeHash");

-- CreateIndex
CREATE INDEX "SelfCheck_expiresAt_idx" ON "SelfCheck"("expiresAt");

-- CreateIndex
CREATE INDEX "SelfCheck_usedBy_idx" ON "SelfCheck"("usedBy");
