// Reads one JSON string per line and answers with what the npm package twitter-text says of it, one JSON array per line.
'use strict';
const readline = require('node:readline');
const twitter = require('twitter-text');

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const text = JSON.parse(line);
  const { weightedLength, valid } = twitter.parseTweet(text);
  const answer = [
    weightedLength,
    valid,
    twitter.extractUrls(text),
    twitter.extractHashtags(text),
    twitter.extractMentions(text),
  ];
  process.stdout.write(JSON.stringify(answer) + '\n');
});
