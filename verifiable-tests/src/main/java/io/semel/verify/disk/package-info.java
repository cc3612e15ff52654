/**
 * A disk that forgets as real ones do, and the log engine living and dying on it.
 */
package io.semel.verify.disk;
