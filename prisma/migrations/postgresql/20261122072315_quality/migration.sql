-- CreateTable
CREATE TABLE "FeedbackLine" (
    "id" TEXT NOT NULL,
    "programme" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "text" BYTEA NOT NULL,
    "day" TEXT NOT NULL,

    CONSTRAINT "FeedbackLine_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "QualityReview" (
    "id" TEXT NOT NULL,
    "programme" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "organisationId" TEXT NOT NULL,
    "year" INTEGER NOT NULL,
    "signedBy" TEXT NOT NULL,
    "signedAt" BIGINT NOT NULL,
    "validUntil" TEXT NOT NULL,
    "criteria" TEXT NOT NULL,
    "notes" BYTEA NOT NULL,
    "reportHash" TEXT NOT NULL,

    CONSTRAINT "QualityReview_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "FeedbackLine_programme_organisationId_idx" ON "FeedbackLine"("programme", "organisationId");

-- CreateIndex
CREATE INDEX "QualityReview_programme_organisationId_signedAt_idx" ON "QualityReview"("programme", "organisationId", "signedAt");
