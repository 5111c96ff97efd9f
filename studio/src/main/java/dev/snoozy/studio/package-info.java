/**
 * The studio: {@code studio.web} serves its page, {@code studio.store} keeps its data, {@code
 * studio.chat}, {@code studio.lab} and {@code studio.jobs} are what the page asks for.
 */
package dev.snoozy.studio;
