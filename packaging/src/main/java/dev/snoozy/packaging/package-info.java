/** Makes the program with its own Java, and its Debian package. */
@NullMarked
package dev.snoozy.packaging;

import org.jspecify.annotations.NullMarked;
