/** Who may do what over the network: Kafka's ACLs, asked for, changed and gone by. */
package io.semel.server.network.security;
