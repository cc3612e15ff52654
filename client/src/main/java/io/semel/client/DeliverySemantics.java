package io.semel.client;

/**
 * What a client is promised, chosen per client.
 *
 * <table> <caption>What each one does</caption> <tr><th></th><th>sequences</th><th>retries</th><th>offsets are
 * committed</th><th>reads</th></tr> <tr><td>AT_MOST_ONCE</td><td>no</td><td>never</td><td>before the records are handed
 * over</td><td>uncommitted</td></tr> <tr><td>AT_LEAST_ONCE</td><td>yes</td><td>until the deadline</td><td>after they
 * were processed</td> <td>uncommitted</td></tr> <tr><td>EXACTLY_ONCE</td><td>yes, in transactions</td><td>until the
 * deadline</td><td>inside the transaction, with the output</td><td>committed</td></tr> </table>
 */
public enum DeliverySemantics {
    /** Never twice; what a crash catches between hand-over and processing is lost. */
    AT_MOST_ONCE,
    /** Never lost; what a crash catches between processing and commit is processed again. */
    AT_LEAST_ONCE,
    /** Never lost and never twice, for all that happens inside the log: reads, writes and offsets commit together. */
    EXACTLY_ONCE
}
