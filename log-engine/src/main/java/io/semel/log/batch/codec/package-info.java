/** Compression of a batch's records, in the byte formats that Kafka gives its codecs. Each library is optional. */
package io.semel.log.batch.codec;
