// Starts the page. What it becomes, a floor or the demo's stage, the node says.
import './styles/fonts.css';
import './styles/base.css';
import { mount } from 'svelte';
import App from './views/App.svelte';

mount(App, { target: document.getElementById('app')! });
