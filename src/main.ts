#!/usr/bin/env -S node --max-semi-space-size=8
import './heap.js';
import { serve } from './serve.js';

await serve(process.env);
