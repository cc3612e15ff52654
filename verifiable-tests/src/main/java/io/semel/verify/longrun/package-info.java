/** One run of many scenarios, each as a person would start it, and one table of what all of them reached. */
package io.semel.verify.longrun;
