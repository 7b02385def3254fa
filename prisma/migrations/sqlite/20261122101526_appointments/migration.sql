-- What an appointment is about has one name for every kind; what is there is kept.
DROP INDEX "Appointment_assessmentId_idx";
ALTER TABLE "Appointment" RENAME COLUMN "assessmentId" TO "about";
CREATE INDEX "Appointment_kind_about_idx" ON "Appointment"("kind", "about");
