/**
 * What a run found, for people and for scripts: as text, as JSON, and as one HTML page with a picture of who did what
 * when. Knows nothing of the scenarios.
 */
package io.semel.verify.report;
