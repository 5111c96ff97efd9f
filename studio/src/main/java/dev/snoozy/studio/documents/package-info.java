/** The user's documents on the page: collections, search, the stored text of files. */
package dev.snoozy.studio.documents;
