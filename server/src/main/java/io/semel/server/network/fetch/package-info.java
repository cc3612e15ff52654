/** Reading: records as they stand in the log, offsets by time and epoch, and where a log begins. */
package io.semel.server.network.fetch;
