/**
 * Models in the same process for LangChain4j: chat, streaming, embeddings, scoring, counting
 * tokens.
 */
@NullMarked
package dev.snoozy.langchain4j;

import org.jspecify.annotations.NullMarked;
