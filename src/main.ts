#!/usr/bin/env -S node --max-semi-space-size=4
import { serve } from './serve.js';

await serve(process.env);
