/**
 * Scenarios with a name: real programs in processes that are killed, their histories through the checker, and what came
 * out held against what went in.
 */
package io.semel.verify.scenarios;
