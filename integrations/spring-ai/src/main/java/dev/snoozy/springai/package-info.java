/** Models of Snoozy as chat and embedding models of Spring AI, in the same process. */
@NullMarked
package dev.snoozy.springai;

import org.jspecify.annotations.NullMarked;
