/**
 * Lives of a whole directory, its producers, transactions and groups, in one thread from one seed: the real code over a
 * disk and a clock of ours, and beside it a model that knows the protocol's promises and none of its code.
 */
package io.semel.verify.protocol;
