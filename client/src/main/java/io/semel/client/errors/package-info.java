/** What a transactional producer's errors mean, and what became of its transaction. */
package io.semel.client.errors;
